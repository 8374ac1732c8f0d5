import type pc from "picocolors";

/** Functions that style text for a terminal, or leave it as it is. */
export type Colours = ReturnType<typeof pc.createColors>;
