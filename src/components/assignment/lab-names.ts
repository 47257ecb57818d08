/** What labs and tasks are called, for an island: as text that stands in an attribute of the page. */
import type { Language } from '../../i18n/index.ts';
import { allLabs } from '../course.ts';

export async function labNames(language: Language): Promise<string> {
  const labs = (await allLabs()).map(({ id, chapter, title, tasks }) => {
    const names = Object.fromEntries(tasks.map((task) => [task.id, task.title[language]]));
    return [id, { title: `${chapter} ${title[language]}`, tasks: names }];
  });
  return JSON.stringify(Object.fromEntries(labs));
}
