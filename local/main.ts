/** `npm run local -- <command>`: runs what local/program.ts declares. */
import { complain } from "./commands/say.ts";
import { program } from "./program.ts";

try {
  await program.parseAsync();
} catch (error) {
  // What is thrown on purpose says what to do; a stack trace would only hide it.
  const { message, stack } = error as Error;
  complain((process.env["ISTIO_LAB_DEBUG"] ? stack : undefined) ?? message);
  process.exitCode = 1;
}
