import type { FederatedServicePlan } from "../../../topology/types.ts";
import { exercise, type Stage } from "../exercise.ts";
import { answers, asked, clientIn, meshed, readAnswers, sample, spaceOf, withNames } from "../ground.ts";
import { rewritten } from "../routes.ts";
import { apply } from "../step.ts";

const space = spaceOf("two-meshes");

/** The service that one mesh offers, and the cluster of the other. */
function offerOf({ lab, near, far }: Stage): {
  offer: FederatedServicePlan;
  home: Stage["near"];
  guest: Stage["near"];
} {
  const offer = lab.meshes.flatMap(({ exports }) => exports)[0];
  if (offer === undefined) throw new Error("The plan has no service that one mesh offers to another.");
  return near.mesh === offer.from ? { offer, home: near, guest: far } : { offer, home: far, guest: near };
}

const url = ({ host, port }: FederatedServicePlan, path: string): string => `http://${host}:${String(port)}${path}`;

export const twoMeshes = exercise({
  name: "two-meshes",
  title: "Two meshes with a root each: who is who across the border, and what a guest can and cannot decide",
  stack: "two-meshes",
  needs: { meshes: 2 },
  namespaces: [space],
  start: (stage) => {
    const { guest } = offerOf(stage);
    return apply(guest.name, meshed(stage, guest, space), ...sample(stage, guest, "curl", space, { pod: withNames }));
  },
  async observe(stage, eye) {
    const { offer, guest } = offerOf(stage);
    const from = clientIn(guest, space);
    const [plain] = await eye.call({ from, url: url(offer, "/hello") });
    const [greeting] = await eye.call({ from, url: url(offer, "/greeting") });
    return {
      given: await readAnswers(eye, guest, space),
      certificate: await eye.certificate(from),
      plain: plain?.status,
      greeting: greeting?.status,
    };
  },
  judge({ given, certificate, plain, greeting }, stage) {
    const { offer, guest } = offerOf(stage);
    return [
      asked(given, "caller", certificate?.identity, `It is to be who curl in ${guest.name} can prove to be: a URI.`),
      asked(
        given,
        "callee",
        offer.identity,
        `It is to be whom curl's proxy demands to meet behind ${offer.host}: a URI of the other trust domain.`,
      ),
      [plain === 200, `${url(offer, "/hello")} is answered with ${String(plain ?? 0)}, and was with 200 at first.`],
      [
        greeting === 200,
        `${url(offer, "/greeting")} is answered with ${String(greeting ?? 0)}. How a guest's own requests go is the guest's matter: a route in ${guest.name} may rewrite it to /hello.`,
      ],
    ];
  },
  async solve(stage, eye) {
    const { offer, guest } = offerOf(stage);
    const certificate = await eye.certificate(clientIn(guest, space));
    return apply(
      guest.config,
      answers(space, { caller: certificate?.identity ?? "", callee: offer.identity }),
      rewritten(space, offer, "/greeting", "/hello"),
    );
  },
});
