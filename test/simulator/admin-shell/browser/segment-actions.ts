/** Opens an action in its modal, anew each time. */
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-action]')) {
  button.addEventListener('click', () => {
    const dialog = document.querySelector<HTMLDialogElement>(`#action-${button.dataset['action'] ?? ''}`);
    if (!dialog) return;
    const frame = document.createElement('iframe');
    frame.className = 'block';
    frame.title = button.textContent ?? '';
    frame.src = dialog.dataset['address'] ?? '';
    dialog.replaceChildren(frame);
    dialog.showModal();
  });
}
