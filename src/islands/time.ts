/** Times as people read them, in the page's language and the browser's time zone. */
import { language } from './page.ts';

const hour = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

/** The time of day, with the day where that is not today. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  return (at.toDateString() === new Date().toDateString() ? hour : day).format(at);
}

/** 1:05:09, or 5:09 below an hour, 3d 1:05:09 beyond a day. Never negative. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  const short = `${hours > 0 || days > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
  return days > 0 ? `${days}d ${short}` : short;
}
