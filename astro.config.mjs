// @ts-check
import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { dark, light } from './src/components/code/themes.ts';
import { lessonCode } from './src/components/code/transformer.ts';
import { japaneseLines } from './src/components/lesson/japanese-lines.ts';

export default defineConfig({
  output: 'static',
  trailingSlash: 'always',
  integrations: [mdx()],
  i18n: {
    locales: ['en', 'ja'],
    defaultLocale: 'en',
    // `/` is answered by our own server, which reads Accept-Language.
    routing: { prefixDefaultLocale: true, redirectToDefaultLocale: false },
  },
  markdown: {
    shikiConfig: { themes: { light, dark }, defaultColor: false, transformers: [lessonCode] },
  },
  // The server's policy is script-src 'self': a script that is small enough to be inlined would be blocked.
  vite: {
    plugins: [japaneseLines()],
    build: {
      assetsInlineLimit: 0,
      rolldownOptions: {
        // Astro's own mark in every lesson ("use astro:head-inject") means nothing to the bundler and needs to mean nothing.
        onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
      },
    },
  },
  devToolbar: { enabled: false },
});
