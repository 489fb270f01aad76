import { COUNTRY_CODES } from './country-codes.ts';

/** Country, hyphen, and Shopify's code of the province: letters, digits, and in Mexico even a space. */
const PROVINCE = /^([A-Z]{2})-[A-Z0-9](?:[A-Z0-9 ]{0,6}[A-Z0-9])?$/;

/** `US-CA`: whether it says a province of a country that there is. Which provinces a country has, Shopify knows alone. */
export function isProvince(code: string): boolean {
  const country = PROVINCE.exec(code)?.[1];
  return country !== undefined && COUNTRY_CODES.includes(country);
}

/** Codes with commas between them, in any case, each once. */
export function readProvinces(typed: string): string[] {
  const codes = typed.split(/[,，、;；\n]/).map((code) => code.trim().toUpperCase());
  return [...new Set(codes.filter((code) => code !== ''))];
}

/** Shopify has the country in the code of some provinces (`JP-13`) and of most not (`CA`). */
export function provinceOf(countryCode: string, provinceCode: string): string {
  return provinceCode.startsWith(`${countryCode}-`) ? provinceCode : `${countryCode}-${provinceCode}`;
}

/** The country of a province, or the country itself. */
export function countryOf(place: string): string {
  return place.slice(0, 2);
}
