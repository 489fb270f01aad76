/** Looks up a part that the server has put on the page. Throws when page and script do not belong together. */
export function part<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The admin page has no ${selector}.`);
  return found;
}

export function button(label: string, className: string, press: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.textContent = label;
  element.addEventListener('click', press);
  return element;
}
