/** The least that shows a shell in a browser: ws and node-pty, bash on the host, xterm.js from its own bundle. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node-pty';
import { WebSocketServer } from 'ws';
import { checkout } from '../../src/setup/paths.ts';
import { serveParent } from './child.ts';

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title>
<link rel="stylesheet" href="/xterm.css"><div id="place"></div><script src="/xterm.js"></script><script>
const terminal = new Terminal();
terminal.open(document.getElementById('place'));
const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
socket.binaryType = 'arraybuffer';
socket.onmessage = ({ data }) => terminal.write(new Uint8Array(data));
terminal.onData((data) => socket.send(data));
</script></html>`;

const xterm = (path: string) => readFileSync(join(checkout, 'node_modules', '@xterm', 'xterm', path));
const files: Record<string, { type: string; body: Buffer }> = {
  '/': { type: 'text/html', body: Buffer.from(PAGE) },
  '/xterm.js': { type: 'text/javascript', body: xterm('lib/xterm.js') },
  '/xterm.css': { type: 'text/css', body: xterm('css/xterm.css') },
};

const http = createServer((request, response) => {
  const file = files[request.url ?? ''];
  response.writeHead(file ? 200 : 404, { 'Content-Type': file?.type ?? 'text/plain' }).end(file?.body);
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  const pty = spawn('/bin/bash', ['--noprofile', '--norc'], {
    name: 'xterm-256color',
    cols: 120,
    rows: 30,
    cwd: '/',
    encoding: null,
    env: { PATH: '/usr/bin:/bin', PS1: '$ ' },
  });
  pty.onData((data) => socket.send(data));
  socket.on('message', (data) => pty.write(String(data)));
  socket.on('close', () => pty.kill());
});
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  serveParent(`http://127.0.0.1:${port}`, async () => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    http.closeAllConnections();
  });
});
