/** Fills in what a stack file leaves out. */

/** `defaults`, overlaid by each of `written` in turn; a key that is absent or undefined leaves what was there. */
export function withDefaults<T extends object>(
  defaults: T,
  ...written: readonly ({ readonly [K in keyof T]?: T[K] | undefined } | undefined)[]
): T {
  const given = written.map((each) =>
    Object.fromEntries(Object.entries(each ?? {}).filter(([, value]) => value !== undefined)),
  );
  return Object.assign({ ...defaults }, ...given) as T;
}
