/** The file as a whole cannot be read as an orders export. The message is a sentence for whoever chose the file. */
export class UnusableExportError extends Error {
  override readonly name = 'UnusableExportError';
}
