/** Parts of pages that programs write. */

/** A part of a page that is written by a program, between two comments. */
export interface Part {
  readonly open: string;
  readonly close: string;
}

/**
 * What stands in a part.
 * @throws Error where the page does not have its two comments, once each and in this order
 */
export const textIn = (page: string, which: Part): string => split(page, which)[1].trim();

/**
 * The page with something else in a part.
 * @throws Error as `textIn`
 */
export function withText(page: string, which: Part, text: string): string {
  const [before, , after] = split(page, which);
  return `${before}${which.open}\n\n${text}\n\n${which.close}${after}`;
}

function split(page: string, { open, close }: Part): readonly [string, string, string] {
  const [before, rest, ...more] = page.split(open);
  const [inside, after, ...others] = (rest ?? "").split(close);
  if (before === undefined || inside === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`The page must have one line ${open} and one line ${close} after it.`);
  return [before, inside, after];
}
