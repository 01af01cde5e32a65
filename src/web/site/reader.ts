/** What pages of the documentation do with a script: they keep themselves, say what is missing, and hear `/`. */
import { keepOffline } from '../offline.ts';

const root = new URL(document.body.dataset['root']! || './', document.baseURI);

/** Milliseconds: what the page itself needs comes first. */
const OFFLINE_AFTER = 3000;
setTimeout(() => void keepOffline(new URL('../', root).href).catch(() => {}), OFFLINE_AFTER);

/** Large pictures are not packed with the program. */
function sayMissing(picture: HTMLImageElement): void {
  const said = document.createElement('span');
  said.className = 'missing';
  const name = new URL(picture.src).pathname.split('/').at(-1);
  said.textContent = `${picture.alt}: the picture ${name} is not here. It lies in the repository, and the command of its section draws it.`;
  picture.replaceWith(said);
}
for (const picture of document.images) {
  picture.addEventListener('error', () => sayMissing(picture));
  if (picture.complete && picture.naturalWidth === 0 && picture.loading !== 'lazy') sayMissing(picture);
}

// The list of contents begins where the page stands in it.
const current = document.querySelector<HTMLElement>('.contents [aria-current]');
const contents = current?.closest<HTMLElement>('.contents');
if (current && contents) contents.scrollTop = current.offsetTop - contents.offsetTop - contents.clientHeight / 2;

document.addEventListener('keydown', (event) => {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (key !== '/' || ctrlKey || metaKey || altKey) return;
  if (target instanceof Element && target.closest('input, textarea, select')) return;
  event.preventDefault();
  const field = document.querySelector<HTMLInputElement>('#query');
  if (field) field.focus();
  else location.href = new URL('search.html', root).href;
});
