/** Lets work that is refused because of other work in progress wait for that and try again. */
export class Turns {
  /** Only what is really going on, never what waits itself, so that nobody waits for each other. */
  readonly #active = new Set<Promise<unknown>>();

  /** Do the work; when it fails for a reason that `retry` accepts, once more after each end of other work. */
  async take(work: () => Promise<void>, retry: (error: unknown) => boolean): Promise<void> {
    for (;;) {
      const turn = work();
      this.#active.add(turn);
      try {
        await turn;
        return;
      } catch (error) {
        this.#active.delete(turn);
        if (!retry(error) || this.#active.size === 0) throw error;
        await Promise.race([...this.#active].map((other) => other.catch(() => undefined)));
      } finally {
        this.#active.delete(turn);
      }
    }
  }
}
