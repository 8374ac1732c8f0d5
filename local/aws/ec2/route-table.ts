import type { Cloud } from "../cloud.ts";
import { ACCOUNT_ID, ec2Arn } from "../cloud.ts";
import { AwsError, dependencyViolation } from "../errors.ts";
import type { Resource, ResourceType } from "../resource.ts";
import { mainRouteTableId, routeTableById, subnetById, vpcById } from "./find.ts";
import { MainRouteTableAssociation, Route, RouteTable, RouteTableAssociation } from "./kinds.ts";
import type { MainRouteTableAssociationState, RouteTableAssociationState, RouteTableState } from "./kinds.ts";
import { assertRoute, checkTarget } from "./route.ts";

type RouteTableInputs = Omit<RouteTableState, "arn" | "routes"> & { routes?: RouteTableState["routes"] };

export const routeTable: ResourceType<RouteTableInputs, RouteTableState> = {
  kind: RouteTable,
  replaceOn: ["vpcId", "region"],
  computed: ["routes"],
  check(inputs, refuse) {
    const routes = Array.isArray(inputs["routes"]) ? (inputs["routes"] as Record<string, unknown>[]) : [];
    routes.forEach((route, index) => checkTarget(route, (name, reason) => refuse(`routes[${index}].${name}`, reason)));
  },
  create(cloud, inputs, { region }) {
    vpcById(cloud, region, inputs.vpcId);
    const routes = inputs.routes ?? [];
    const state = { ...inputs, routes: [], arn: "", ownerId: ACCOUNT_ID };
    const id = cloud.newId("rtb");
    const draft: Resource<RouteTableState> = { type: RouteTable.token, id, region, state };
    takeRoutes(cloud, draft, routes);
    return cloud.add(RouteTable, { id, region, state: { ...draft.state, arn: ec2Arn(region, `route-table/${id}`) } });
  },
  update(cloud, table, inputs) {
    if (inputs.routes) takeRoutes(cloud, table, inputs.routes);
  },
  delete(cloud, { id, region }) {
    const used = [...cloud.all(RouteTableAssociation, region), ...cloud.all(MainRouteTableAssociation, region)];
    if (used.some(({ state }) => state.routeTableId === id)) throw dependencyViolation("routeTable", id);
    for (const route of cloud.all(Route, region)) if (route.state.routeTableId === id) cloud.remove(route);
  },
};

/** One after the other, so that two routes of the list to one destination are refused too. */
function takeRoutes(cloud: Cloud, table: Resource<RouteTableState>, routes: RouteTableState["routes"]): void {
  const before = table.state.routes;
  table.state.routes = [];
  try {
    for (const route of routes) {
      assertRoute(cloud, table, route.cidrBlock, route);
      table.state.routes.push(route);
    }
  } catch (error) {
    table.state.routes = before;
    throw error;
  }
}

export const routeTableAssociation: ResourceType<RouteTableAssociationState, RouteTableAssociationState> = {
  kind: RouteTableAssociation,
  replaceOn: ["subnetId", "gatewayId", "region"],
  check(inputs, refuse) {
    if (inputs["subnetId"] === undefined) refuse("subnetId", "one of `gateway_id,subnet_id` must be specified");
  },
  create(cloud, inputs, { region }) {
    assertSameNetwork(cloud, region, inputs);
    const other = cloud.all(RouteTableAssociation, region).find(({ state }) => state.subnetId === inputs.subnetId);
    if (other) {
      const message = `the specified association for route table ${inputs.routeTableId} conflicts with an existing association`;
      throw new AwsError("Resource.AlreadyAssociated", message);
    }
    return cloud.add(RouteTableAssociation, { id: cloud.newId("rtbassoc"), region, state: inputs });
  },
  update(cloud, _association, inputs, { region }) {
    assertSameNetwork(cloud, region, inputs);
  },
};

function assertSameNetwork(cloud: Cloud, region: string, { routeTableId, subnetId }: RouteTableAssociationState): void {
  const table = routeTableById(cloud, region, routeTableId);
  const subnet = subnetById(cloud, region, subnetId);
  if (table.state.vpcId !== subnet.state.vpcId) {
    const message = `route table ${routeTableId} and subnet ${subnetId} belong to different networks`;
    throw new AwsError("InvalidParameterValue", message);
  }
}

type MainInputs = Omit<MainRouteTableAssociationState, "originalRouteTableId">;

export const mainRouteTableAssociation: ResourceType<MainInputs, MainRouteTableAssociationState> = {
  kind: MainRouteTableAssociation,
  replaceOn: ["region"],
  create(cloud, inputs, { region }) {
    const vpc = vpcById(cloud, region, inputs.vpcId);
    const table = routeTableById(cloud, region, inputs.routeTableId);
    if (table.state.vpcId !== vpc.id) {
      const message = `route table ${table.id} and network ${vpc.id} belong to different networks`;
      throw new AwsError("InvalidParameterValue", message);
    }
    const originalRouteTableId = mainRouteTableId(cloud, vpc);
    const state = { ...inputs, originalRouteTableId };
    return cloud.add(MainRouteTableAssociation, { id: cloud.newId("rtbassoc"), region, state });
  },
};
