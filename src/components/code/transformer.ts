import type { AstroUserConfig } from 'astro';

type ShikiConfig = NonNullable<NonNullable<AstroUserConfig['markdown']>['shikiConfig']>;
type ShikiTransformer = NonNullable<ShikiConfig['transformers']>[number];

/** Where a lesson's code uses a value drawn for this learner: `curl localhost:{{port}}`. */
const parameter = /\{\{([a-z][a-zA-Z0-9]*)\}\}/g;

/**
 * Astro drops what stands after the language of a fence, so ```bash run, or ```bash run administrator, would lose it: it
 * is kept as an attribute that CodeBlock.astro reads. A {{parameter}} becomes an element that an island fills in.
 */
export const lessonCode: ShikiTransformer = {
  name: 'toride-lesson-code',
  preprocess(code, options) {
    options.decorations ??= [];
    for (const match of code.matchAll(parameter)) {
      const properties = { 'data-param': match[1] };
      options.decorations.push({ start: match.index, end: match.index + match[0].length, properties });
    }
  },
  pre(node) {
    const words = this.options.meta?.__raw?.split(/\s+/) ?? [];
    if (words.includes('run')) node.properties['data-run'] = words.includes('administrator') ? 'administrator' : '';
  },
};
