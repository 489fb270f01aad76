/** In their writing the full stop fills a square, which leaves room enough before the next sentence. */
const WITHOUT_SPACES: readonly string[] = ['zh', 'ja'];

/** Whole sentences one after the other, as the language of `locale` writes them; null stands for one that is not said. */
export function joinSentences(locale: string, sentences: readonly (string | null)[]): string {
  const [language = ''] = locale.toLowerCase().split(/[-_]/);
  return sentences.filter((sentence) => sentence !== null).join(WITHOUT_SPACES.includes(language) ? '' : ' ');
}
