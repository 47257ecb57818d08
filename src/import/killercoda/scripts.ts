/** Scripts and text that were written for root on a machine of its own, in a sandbox where the learner is an ordinary user. */
import type { Item } from './report.ts';

const home = '/home/learner';
/** /root as a folder, not the end or the middle of another name. */
const rootFolder = /(?<![\w./~$-])\/root(?=$|[/\s"'`;:,)\]}|&<>])/gm;

/** @returns the text with the learner's home in place of root's */
export function atHome(text: string, file: string): { text: string; items: Item[] } {
  const places = text.match(rootFolder)?.length ?? 0;
  if (places === 0) return { text, items: [] };
  const told = `/root became ${home} in ${places} ${places === 1 ? 'place' : 'places'}: the learner is not root`;
  return { text: text.replace(rootFolder, home), items: [{ file, fate: 'changed', text: told }] };
}

const needs: readonly [pattern: RegExp, why: string][] = [
  [/\b(kubectl|kubeadm|helm|k3s|minikube|kind create)\b/, 'it needs a Kubernetes cluster, and there is none'],
  [
    /\bdocker(-compose| compose)?\b/,
    'it calls docker; the sandbox has podman and the images localhost/busybox and localhost/nginx',
  ],
  [
    /\b(apt|apt-get|yum|dnf|apk)\s+(-\S+\s+)*(install|add|update|upgrade)\b|\b(pip3?|npm|gem|go)\s+(install|get)\b|\bgit\s+clone\b|\bwget\b|\bcurl\b[^\n|;]*https?:\/\/(?!localhost|127\.)/,
    'it needs a network, and the sandbox has none',
  ],
  [
    /\b(sudo|systemctl|service|useradd|usermod|mount|iptables|modprobe|sysctl\s+-w)\s/,
    'it needs root of a whole machine, and the learner is an ordinary user',
  ],
  [
    /\b(ssh|scp)\s+\S*(node|host|controlplane)\d*\b|\bhost02\b|\bnode01\b/,
    'it needs a second host, and there is one sandbox',
  ],
];

/** A line for each kind of thing that a file calls for and that is not here, where it first does. */
export function missingNeeds(text: string, file: string): Item[] {
  const lines = text.split('\n').map((line) => (/^\s*#(?!!)/.test(line) ? '' : line));
  return needs.flatMap(([pattern, why]): Item[] => {
    const at = lines.findIndex((line) => pattern.test(line));
    return at < 0 ? [] : [{ file: `${file}:${at + 1}`, fate: 'check', text: why }];
  });
}
