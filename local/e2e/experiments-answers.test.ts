import { measuredOnMulti } from "./experiments.ts";

measuredOnMulti("a service that answers badly or late", "sick-service", "slow-service", "stuck-service", "fail-back");
