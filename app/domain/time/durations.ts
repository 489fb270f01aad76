export const MS_PER_SECOND = 1000;
export const MS_PER_MINUTE = 60_000;
export const MS_PER_HOUR = 3_600_000;
/** 24 hours: a duration, not a calendar day, which has 23 or 25 of them twice a year in many zones. */
export const MS_PER_24_HOURS = 86_400_000;
