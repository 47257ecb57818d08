import { describe, expect, test } from 'vitest';
import { cannotFail } from '../../../src/grading/cannot-fail.ts';

describe('passes whatever a learner does', () => {
  test.each([
    ['nothing', '', /no command/],
    ['only comments', '#!/bin/bash\n# check the pod\n\n', /no command/],
    ['words over two lines', 'echo "checking\nthe pod\n"', /line 1: the last command/],
    ['an echo', '#!/bin/bash\necho done\n', /line 2: the last command always succeeds: echo done/],
    ['a test whose result nobody looks at', 'test -f /tmp/x\necho "checked"\n', /line 2/],
    ['exit 0 at the end', 'kubectl get pods\nexit 0\n', /line 2: `exit 0`/],
    ['exit 0 before the real test', 'exit 0\ntest -f x || exit 1\n', /line 1: `exit 0`/],
    ['or true', 'grep -q x file || true\n', /line 1/],
    ['or echo', 'grep -q x file || echo "not yet"\n', /line 1/],
    ['both branches print', 'if [ -f /tmp/x ]; then\n  echo ok\nelse\n  echo no\nfi\n', /line 5: every way/],
    ['in one line', 'if grep -q x f; then echo ok; else echo no; fi', /every way/],
    ['an if that only praises', 'if [ -f x ]\nthen\n  echo ok\nfi', /every way/],
    ['nested', 'if a; then\n if b; then echo 1; else true; fi\nelse\n echo 2\nfi', /every way/],
    ['a job in the background', 'test -f x &', /line 1/],
    ['words in a comment', 'echo ok # exit 1\n', /line 1/],
    ['to the other output', 'echo "wrong" >&2\n', /line 1/],
  ])('%s', (_, script, reason) => expect(cannotFail(script)).toMatch(reason));
});

describe('can fail, or that is not certain', () => {
  test.each([
    ['stat /tmp/step1'],
    ['#!/bin/bash -e\ntest -f x\necho ok'],
    ['set -e\ntest -f x\necho ok'],
    ['set -euo pipefail\ngrep -q x f\nexit 0'],
    ['[ -f x ] || exit 1\necho ok'],
    ['if [ -f x ]; then echo ok; else echo no; exit 1; fi'],
    ['if [ -f x ]; then echo ok; else false; fi'],
    ['if [ -f x ]; then echo ok; else\n  grep x y\nfi'],
    ['test -f x && exit 0\nexit 1'],
    ['if test -f x; then\n  exit 0\nfi\nexit 1'],
    ['check() {\n  exit 0\n}\ntest -f x'],
    ['echo x | grep y'],
    ['echo "$(cat f)" > /root/file'],
    ['test -f x && echo ok'],
    ['true && test -f x'],
    ['kill -0 $$; echo ok'],
    ['exec test -f x\necho ok'],
    [`echo \${MISSING:?}\necho ok`],
    ['for f in a b; do\n test -f $f\ndone'],
    ['#!/usr/bin/python3\nprint("ok")'],
    ['cat <<EOF\necho ok\nEOF\ntest -f x'],
    ['exit $?'],
    ['trap "exit 1" ERR\nfalse\necho ok'],
    ['diff <(echo a) <(cat f)'],
    ['[ "$(cat f)" = "exit 0" ]'],
  ])('%j', (script) => expect(cannotFail(script)).toBeUndefined());
});
