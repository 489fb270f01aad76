import { dateOfDay, dayOfDate } from '../../time/calendar-day.ts';

/** A birthday is told of so many days before it counts, so that nobody has one whenever they like. */
export const BIRTHDAY_KNOWN_DAYS = 30;

const LEAP_YEAR = 2000;

/** Whether a year can have such a day; 29 February is one. */
export function isBirthday({ month, day }: { month: number; day: number }): boolean {
  const date = dateOfDay(dayOfDate({ year: LEAP_YEAR, month, dayOfMonth: day }));
  return date.month === month && date.dayOfMonth === day;
}

/** @param birthday month x 100 + day; who was born on 29 February has it on the 28th in other years */
export function birthdayInYear(birthday: number, year: number): number {
  const month = Math.floor(birthday / 100);
  const day = dayOfDate({ year, month, dayOfMonth: birthday % 100 });
  return dateOfDay(day).month === month ? day : day - 1;
}

/** The last one up to and with a day. */
export function latestBirthday(birthday: number, today: number): number {
  const { year } = dateOfDay(today);
  const thisYear = birthdayInYear(birthday, year);
  return thisYear <= today ? thisYear : birthdayInYear(birthday, year - 1);
}

/** The first one after a day. */
export function nextBirthday(birthday: number, today: number): number {
  const { year } = dateOfDay(today);
  const thisYear = birthdayInYear(birthday, year);
  return thisYear > today ? thisYear : birthdayInYear(birthday, year + 1);
}
