/** What a command tells beside its result, a line at a time: on standard error. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);
