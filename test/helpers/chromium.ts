/** Debian's Chromium as tests and measurements start it: without a sandbox of its own, and asking nobody on the internet. */
import { type Browser, chromium } from 'playwright-core';

/** @param more further switches */
export const openBrowser = (...more: string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.TORIDE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
