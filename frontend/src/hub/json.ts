// What the hub answers, without rounding.

const LONG = /[[:,\s]-?\d{16}/; // what may be one of them; nearly all answers have none
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[-+.\deE]{16,}/g; // a text, or a long number

/** Whole numbers that a browser would round, such as seeds of 64 bits, become text: their digits. */
export function fromJson(text: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(LONG.test(text) ? text.replace(TOKEN, exact) : text);
}

function exact(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
