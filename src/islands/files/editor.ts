/** CodeMirror, set up small: one view whose state is exchanged when another file is shown. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { language, words } from '../page.ts';
import { languageOf } from './language.ts';
import { look } from './look.ts';
import { lineEnd } from './paths.ts';

const japanese = EditorState.phrases.of({
  Find: '検索',
  Replace: '置換',
  next: '次へ',
  previous: '前へ',
  all: 'すべて選択',
  'match case': '大文字と小文字を区別',
  regexp: '正規表現',
  'by word': '単語単位',
  replace: '置換',
  'replace all': 'すべて置換',
  close: '閉じる',
  'Go to line': '行へ移動',
  go: '移動',
  'Control character': '制御文字',
});
const spoken: Extension = language === 'ja' ? japanese : [];

export interface EditorOptions {
  save(): void;
  /** The text is another one now. */
  onChange(state: EditorState): void;
}

export function createEditor(parent: HTMLElement, { save, onChange }: EditorOptions) {
  const coloured = new Compartment();
  const extensions = [
    look,
    spoken,
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    drawSelection(),
    history(),
    bracketMatching(),
    indentOnInput(),
    search({ top: true }),
    EditorState.tabSize.of(4),
    keymap.of([
      {
        key: 'Mod-s',
        run() {
          save();
          return true;
        },
      },
      ...searchKeymap,
      ...historyKeymap,
      // Tab indents; after Escape it moves the focus, which CodeMirror sees to.
      indentWithTab,
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of(({ docChanged, state }) => docChanged && onChange(state)),
  ];
  const view = new EditorView({ parent });

  return {
    view,
    /** A state for a text that has just been read. */
    stateOf: (path: string, text: string): EditorState =>
      EditorState.create({
        doc: text,
        extensions: [
          ...extensions,
          EditorState.lineSeparator.of(lineEnd(text)),
          EditorView.contentAttributes.of({
            tabindex: '0',
            'aria-label': `${words.files.editor(path)}. ${words.files.leave}`,
          }),
          coloured.of([]),
        ],
      }),
    /** @param stillShown whether this file is in the view when its language has come */
    async colour(path: string, stillShown: () => boolean): Promise<void> {
      const found = await languageOf(path, view.state.sliceDoc(0, 200));
      if (stillShown()) view.dispatch({ effects: coloured.reconfigure(found) });
    },
  };
}
export type Editor = ReturnType<typeof createEditor>;

/** Only to look at: the other side of a comparison. */
export function showText(parent: HTMLElement, path: string, text: string): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        look,
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorState.lineSeparator.of(lineEnd(text)),
        EditorView.contentAttributes.of({
          tabindex: '0',
          'aria-label': words.files.theirsOf(path),
          'aria-readonly': 'true',
        }),
      ],
    }),
  });
}
