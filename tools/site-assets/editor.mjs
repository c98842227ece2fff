// The editor for SPARQL: colours, completion from the terms of the ontology, marks on errors.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { linter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.string, tags.literal, tags.number], color: "var(--good)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
]);
const look = EditorView.theme({
  "&": { backgroundColor: "var(--paper)", color: "var(--ink)", fontSize: ".875rem" },
  ".cm-content": { caretColor: "var(--ink)", fontFamily: "ui-monospace, Menlo, Consolas, monospace" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--faint)", border: "0" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-scroller": { minHeight: "14rem", maxHeight: "32rem", overflow: "auto" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--faint)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--paper)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--line) !important" },
});

const mistakes = linter((view) => {
  const found = [];
  syntaxTree(view.state).iterate({
    enter(node) {
      if (!node.type.isError || found.length > 4) return;
      const to = Math.min(Math.max(node.to, node.from + 1), view.state.doc.length);
      found.push({ from: Math.min(node.from, to), to, severity: "error", message: "The query cannot be read here." });
    },
  });
  return found;
}, { delay: 400 });

csto.editor = (host, { text, terms, run, label }) => {
  // In a shadow root the styles hold under a policy that allows none in the page.
  const shadow = host.attachShadow({ mode: "open" });
  const inside = document.createElement("div");
  shadow.append(inside);
  const options = terms.map(([name, said, kind]) => ({ label: name, detail: said, type: kind }));
  const complete = (context) => {
    const word = context.matchBefore(/[\w-]+:[\w-]*|\w{2,}/);
    return word || context.explicit ? { from: word ? word.from : context.pos, options, validFor: /^[\w:-]*$/ } : null;
  };
  const view = new EditorView({
    parent: inside, root: shadow,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), closeBrackets(), sparql(), look,
        syntaxHighlighting(colours), mistakes, autocompletion({ override: [complete] }), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label }),
        // Tab leaves the editor, as it leaves any field.
        keymap.of([{ key: "Mod-Enter", run: () => { run(); return true; } }, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
      ],
    }),
  });
  return {
    view,
    get text() { return view.state.doc.toString(); },
    set text(value) { view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } }); },
    mark(line, column, message) {
      const at = line ? Math.min(view.state.doc.line(Math.min(line, view.state.doc.lines)).from + Math.max(0, column - 1), view.state.doc.length) : 0;
      view.dispatch(setDiagnostics(view.state, [{ from: at, to: Math.min(at + 1, view.state.doc.length), severity: "error", message }]));
    },
  };
};
