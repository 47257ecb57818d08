/** How the editor looks: the house's colours, which follow light and dark by themselves. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--raised)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: 'none', boxShadow: 'inset 2px 0 0 var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontVariantLigatures: 'none', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '8px 0' },
  '.cm-cursor': { borderLeft: '2px solid var(--accent)' },
  '.cm-gutters': { color: 'var(--quiet)', backgroundColor: 'var(--raised)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--ground)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--edge)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--partial-wash)', outline: '1px solid var(--partial)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-wash)', outline: '1px solid var(--accent)' },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--ground)', borderColor: 'var(--line)' },
  '.cm-panel.cm-search': { padding: '8px', fontSize: '0.875rem' },
  '.cm-panel.cm-search [name=close]': { minWidth: '24px', minHeight: '24px', color: 'var(--text)' },
  '.cm-textfield': { color: 'var(--text)', backgroundColor: 'var(--raised)', border: '1px solid var(--edge)' },
  '.cm-button': { color: 'var(--text)', backgroundImage: 'none', border: '1px solid var(--edge)', borderRadius: '6px' },
});

const highlight = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--link)', fontWeight: '700' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--passed)' },
  { tag: [tags.comment, tags.meta], color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--accent)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.variableName], color: 'var(--link)' },
  { tag: [tags.typeName, tags.standard(tags.name), tags.attributeName, tags.labelName], color: 'var(--partial)' },
  { tag: tags.invalid, color: 'var(--accent)', textDecoration: 'underline' },
]);

export const look: Extension = [theme, syntaxHighlighting(highlight)];
