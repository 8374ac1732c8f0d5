import type { Experiment } from "../experiment.ts";
import { answer } from "../faults/answer.ts";
import { noFlapping } from "./common.ts";

export const failBack: Experiment = {
  name: "fail-back",
  title: "A sick service recovers: when its cluster answers again, and whether that costs a request",
  needs: { clusters: 2 },
  // 503 is tried again, so that what fails can only have failed on the way back.
  fault: ({ near }) => [answer(near.name, { status: 503 })],
  // An ejection of the shipped policy lasts a minute.
  timing: { after: 80 },
  expect: ({ near }) => [
    { figure: "failed", atMost: 0, because: "Endpoints come back one by one, and each answers well." },
    { ...noFlapping, client: near.name },
    {
      figure: "failBack",
      client: near.name,
      atMost: 65_000,
      because:
        "An endpoint is back when its ejection ends (`baseEjectionTime: 1m`), which a sweep looks at each second.",
    },
  ],
};
