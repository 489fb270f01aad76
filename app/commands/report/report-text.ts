export function writeReportText(): string { return ''; }
