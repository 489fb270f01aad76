/**
 * Fetches a file, with the token that App Bridge gives to what a page fetches, and hands it to the browser to keep. Where
 * the answer says in words why there is none, they are the cause of what is thrown.
 */
export async function saveFile(address: string, name: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) {
    const isSaid = (answer.headers.get('Content-Type') ?? '').startsWith('text/plain');
    throw new Error(`${address} answers ${answer.status}`, isSaid ? { cause: await answer.text() } : undefined);
  }
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
