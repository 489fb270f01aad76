import { changeFields } from './change-fields.ts';
import type { BulkFileFault, FieldFault } from './fault-rules.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import { withBody } from './faulty-answers.ts';

type FileFault = FieldFault | Extract<BulkFileFault, { kind: 'short' | 'malformed-lines' }>;

/** The file of a bulk operation as it arrives after a fault. Held in memory: faults are for files of a test's size. */
export async function changeFile(answer: Response, fault: FileFault, faults: FaultSchedule): Promise<Response> {
  const text = await answer.text();
  switch (fault.kind) {
    case 'short': {
      const end = Math.floor(text.length * fault.share);
      const kept = text.slice(0, end);
      return withBody(answer, fault.wholeLines ? kept.slice(0, kept.lastIndexOf('\n') + 1) : kept);
    }
    case 'malformed-lines': {
      const random = faults.draws;
      return withBody(answer, eachLine(text, (line) => (random.chance(fault.share) ? spoil(line, random.between(0, 4)) : line)));
    }
    default:
      return withBody(
        answer,
        eachLine(text, (line) => {
          const object: unknown = JSON.parse(line);
          changeFields(object, fault);
          return JSON.stringify(object);
        }),
      );
  }
}

function eachLine(text: string, change: (line: string) => string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => `${change(line)}\n`).join('');
}

/** Ways in which a line is none; none of them changes the number of lines. */
function spoil(line: string, way: number): string {
  switch (way) {
    case 0:
      return line.slice(0, Math.floor(line.length / 2));
    case 1:
      return `${line}}`;
    case 2:
      return line.replace('{"', '{');
    case 3:
      return '[]';
    default:
      return 'null';
  }
}
