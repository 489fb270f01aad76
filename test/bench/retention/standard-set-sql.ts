import { AS_OF, TIME_ZONE } from './generate-orders.ts';

/*
 * The standard report set in SQL that both rivals speak.
 *
 * Both have the orders in a table sorted by customer and time, with the instant in milliseconds, and the day and the
 * month in shop time kept in columns, as a warehouse would have them. Windows over each customer's orders are what costs
 * most, so they are gone through once, into a temporary table, and the metrics are read off that. Other ways that were
 * tried and were slower in DuckDB: each metric from the orders by itself; cohorts by two GROUP BYs instead of a window;
 * differences of TIMESTAMPTZ instead of milliseconds (twenty times).
 */

/** Milliseconds: the report's end, and the start of its last 365 days. */
export interface Bounds {
  endMs: number;
  trailingMs: number;
}

/** Asked of the rival itself, so that its idea of the time zone is compared as well. */
export const BOUNDS_SQL = `
  SELECT extract(epoch FROM timezone('${TIME_ZONE}', (date '${AS_OF}' + 1)::timestamp)) * 1000 AS end_ms,
    extract(epoch FROM timezone('${TIME_ZONE}', (date '${AS_OF}' - 364)::timestamp)) * 1000 AS trailing_ms`;

/** The columns of `purchases`, from those of the file. */
export const PURCHASES_SQL = `
  SELECT order_id, customer_id, processed_at, value_minor, country, province, channel, discount_code,
    CAST(extract(epoch FROM processed_at) * 1000 AS BIGINT) AS at_ms,
    CAST(timezone('${TIME_ZONE}', processed_at) AS DATE) - date '1970-01-01' AS day,
    CAST(extract(year FROM timezone('${TIME_ZONE}', processed_at)) * 12 + extract(month FROM timezone('${TIME_ZONE}', processed_at)) - 1 AS INTEGER) AS month
  FROM imported ORDER BY customer_id, processed_at, order_id`;

const IN_ORDER = `WINDOW in_order AS (PARTITION BY customer_id ORDER BY at_ms, order_id)`;
const RANKED = `customer_id, value_minor, at_ms, day, month, row_number() OVER in_order AS nth,
  lag(at_ms) OVER in_order AS at_ms_before, lag(day) OVER in_order AS day_before, lag(month) OVER in_order AS month_before,
  first_value(month) OVER in_order AS cohort`;

/** Each customer's orders with what came before them. Of a country: of those only who have ever bought from there. */
export function rankedSql({ endMs }: Pick<Bounds, 'endMs'>, country: string | null): string {
  if (country === null) {
    return `SELECT ${RANKED} FROM purchases WHERE customer_id IS NOT NULL AND at_ms < ${endMs} ${IN_ORDER}`;
  }
  return `SELECT * FROM (
    SELECT ${RANKED}, first_value(country) OVER in_order AS first_country FROM purchases
    WHERE customer_id IN (SELECT customer_id FROM purchases WHERE country = '${country}' AND customer_id IS NOT NULL)
      AND at_ms < ${endMs} ${IN_ORDER}) AS candidates
  WHERE first_country = '${country}'`;
}

/** All of it once and for all, with nothing left to do but to add up: see `duckdb-rival.ts`. */
export const PREPARED_SQL = `SELECT ${RANKED}, first_value(country) OVER in_order AS first_country FROM purchases
  WHERE customer_id IS NOT NULL ${IN_ORDER}`;

export interface SetQuestion extends Bounds {
  /** A table or a query in brackets. */
  ranked: string;
  country: string | null;
}

export const MATURITY_DAYS = [30, 60, 90, 180, 365];
const MS_A_DAY = 86_400_000;

export function basicsSql({ ranked }: SetQuestion): string {
  return `SELECT count(*) AS customer_orders, sum(value_minor) AS customer_revenue,
      count(*) FILTER (WHERE nth = 1) AS customers, count(*) FILTER (WHERE nth = 2) AS repeat_customers,
      count(*) FILTER (WHERE nth > 1) AS repeat_orders, coalesce(sum(value_minor) FILTER (WHERE nth > 1), 0) AS repeat_revenue
    FROM ${ranked} AS ranked`;
}

export function trailingSql({ ranked, trailingMs }: SetQuestion): string {
  return `SELECT coalesce(sum(orders), 0) AS customer_orders, coalesce(sum(revenue), 0) AS customer_revenue, count(*) AS customers,
      count(*) FILTER (WHERE orders > 1) AS repeat_customers, count(*) FILTER (WHERE repeats > 0) AS returning_customers,
      coalesce(sum(repeats), 0) AS repeat_orders, coalesce(sum(repeat_revenue), 0) AS repeat_revenue
    FROM (
      SELECT customer_id, count(*) AS orders, sum(value_minor) AS revenue, count(*) FILTER (WHERE nth > 1) AS repeats,
        coalesce(sum(value_minor) FILTER (WHERE nth > 1), 0) AS repeat_revenue
      FROM ${ranked} AS ranked WHERE at_ms >= ${trailingMs} GROUP BY customer_id) AS buyers`;
}

export function guestsSql({ country, endMs, trailingMs }: SetQuestion): string {
  return `SELECT count(*) AS orders, coalesce(sum(value_minor), 0) AS revenue,
      count(*) FILTER (WHERE at_ms >= ${trailingMs}) AS trailing_orders,
      coalesce(sum(value_minor) FILTER (WHERE at_ms >= ${trailingMs}), 0) AS trailing_revenue
    FROM purchases WHERE customer_id IS NULL AND at_ms < ${endMs} ${country === null ? '' : `AND country = '${country}'`}`;
}

export function maturedSql({ ranked, endMs }: SetQuestion): string {
  const counts = MATURITY_DAYS.flatMap((days) => {
    const [span, latest] = [days * MS_A_DAY, endMs - days * MS_A_DAY];
    return [
      `count(*) FILTER (WHERE nth = 1 AND at_ms <= ${latest}) AS eligible_${days}`,
      `count(*) FILTER (WHERE nth = 2 AND at_ms_before <= ${latest} AND at_ms - at_ms_before <= ${span}) AS repeated_${days}`,
    ];
  });
  return `SELECT ${counts.join(', ')} FROM ${ranked} AS ranked WHERE nth <= 2`;
}

export function gapsSql({ ranked }: SetQuestion): string {
  const median = (nth: number) => `percentile_cont(0.5) WITHIN GROUP (ORDER BY day - day_before) FILTER (WHERE nth = ${nth})`;
  return `SELECT count(*) AS n, CAST(sum(day - day_before) AS DOUBLE PRECISION) / nullif(count(*), 0) AS mean,
      percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY day - day_before) AS pooled,
      ${median(2)} AS second_median, ${median(3)} AS third_median, ${median(4)} AS fourth_median
    FROM ${ranked} AS ranked WHERE nth > 1`;
}

export function cohortsSql({ ranked }: SetQuestion): string {
  return `SELECT cohort, month - cohort AS offset_months, count(*) AS orders, sum(value_minor) AS revenue,
      count(*) FILTER (WHERE nth = 1 OR month <> month_before) AS active
    FROM ${ranked} AS ranked GROUP BY 1, 2`;
}

/** Rounded, since 0.2 of a whole number is not always exact in binary and the scores compare strictly. */
const quintiles = (of: string, name: string) =>
  [0.2, 0.4, 0.6, 0.8]
    .map((_, place) => `round(CAST(${of}[${place + 1}] AS NUMERIC(24, 9)), 9) AS ${name}${place}`)
    .join(', ');
const scoreOf = (value: string, name: string) =>
  `(CASE WHEN ${value} > ${name}3 THEN 5 WHEN ${value} > ${name}2 THEN 4 WHEN ${value} > ${name}1 THEN 3 WHEN ${value} > ${name}0 THEN 2 ELSE 1 END)`;

export function rfmSql({ ranked }: SetQuestion): string {
  const cut = 'ARRAY[0.2, 0.4, 0.6, 0.8]';
  const at = (value: string) => `percentile_cont(${cut}) WITHIN GROUP (ORDER BY ${value})`;
  return `WITH buyers AS MATERIALIZED (
      SELECT count(*) AS f, sum(value_minor) AS m, date '${AS_OF}' - date '1970-01-01' - max(day) AS r
      FROM ${ranked} AS ranked GROUP BY customer_id),
    cuts AS MATERIALIZED (SELECT ${at('r')} AS rs, ${at('f')} AS fs, ${at('m')} AS ms FROM buyers),
    breaks AS MATERIALIZED (SELECT ${quintiles('rs', 'r')}, ${quintiles('fs', 'f')}, ${quintiles('ms', 'm')} FROM cuts),
    scores AS (SELECT 6 - ${scoreOf('r', 'r')} AS r_score, (${scoreOf('f', 'f')} + ${scoreOf('m', 'm')}) / 2.0 AS fm, breaks.* FROM buyers, breaks)
    SELECT CASE WHEN r_score = 5 AND fm >= 4 THEN 'CHAMPIONS' WHEN r_score IN (3, 4) AND fm >= 4 THEN 'LOYAL'
        WHEN r_score >= 4 AND fm > 2 THEN 'ACTIVE' WHEN r_score = 5 THEN 'NEW' WHEN r_score = 4 THEN 'PROMISING'
        WHEN r_score = 3 THEN 'NEEDS_ATTENTION' WHEN r_score = 2 AND fm >= 3 THEN 'AT_RISK' WHEN r_score = 2 THEN 'ALMOST_LOST'
        WHEN fm >= 4 THEN 'PREVIOUSLY_LOYAL' ELSE 'DORMANT' END AS rfm_group,
      count(*) AS customers, ${['r', 'f', 'm'].flatMap((name) => [0, 1, 2, 3].map((place) => `min(${name}${place}) AS ${name}${place}`)).join(', ')}
    FROM scores GROUP BY 1`;
}
