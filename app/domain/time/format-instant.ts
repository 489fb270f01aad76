import { formatDay } from './calendar-day.ts';
import { MS_PER_24_HOURS, MS_PER_HOUR, MS_PER_SECOND } from './durations.ts';

/** An instant as ISO 8601 in UTC, `2011-12-09T12:50:00Z`; a fraction of a second is written only where there is one. */
export function formatInstant(epochMs: number): string {
  const day = Math.floor(epochMs / MS_PER_24_HOURS);
  const msOfDay = epochMs - day * MS_PER_24_HOURS;
  const hours = Math.floor(msOfDay / MS_PER_HOUR);
  const minutes = Math.floor(msOfDay / (60 * MS_PER_SECOND)) % 60;
  const seconds = Math.floor(msOfDay / MS_PER_SECOND) % 60;
  const milliseconds = msOfDay % MS_PER_SECOND;
  const clock = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`;
  return `${formatDay(day)}T${clock}${fraction}Z`;
}
