/**
 * What AWS charges, in US dollars before tax, read on one day from the sources below. A price that was not found is
 * absent, and the plan then says "no price known" instead of a number.
 *
 * Left out, because they depend on use: data transfer (about $0.01 per GB between zones, $0.02 between regions, $0.09
 * to the internet), NLB capacity units ($0.006 each, near zero in an idle lab), bytes through a NAT gateway, and burst
 * credits of T instances.
 */

/** When the prices were looked up. */
export const pricesReadOn = "2026-11-23";

/**
 * Where they come from. AWS's price pages are filled by scripts and could not be read, so the figures are those of
 * public records of AWS's price lists, some at second hand; they were compared where there was more than one. Sizes of
 * one instance family are priced in proportion, by which the larger ones were checked.
 */
export const priceSources = [
  "https://github.com/aws/karpenter-provider-aws/blob/main/pkg/providers/pricing/zz_generated.pricing_aws.go (EC2, us-east-1; generated from AWS's price API on 2026-01-19)",
  "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/us-west-2/index.csv (EC2, gp3, NAT in us-west-2; as quoted by a cost page checked on 2026-10-04)",
  "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AWSELB/current/ap-northeast-1/index.json (load balancers in Tokyo; as quoted by a page checked on 2026-08-27)",
  "https://aws.amazon.com/eks/pricing/ ($0.10 standard, $0.60 extended support, the same in all commercial regions)",
  "https://aws.amazon.com/vpc/pricing/ (public IPv4 $0.005 everywhere; NAT gateway by region)",
  "https://aws.amazon.com/elasticloadbalancing/pricing/ (NLB by region)",
  "https://aws.amazon.com/route53/pricing/ (health checks, the same everywhere; as quoted by a record of that page of 2026-09-20)",
] as const;

/**
 * A Route 53 health check of something in AWS, every ten seconds, per month of 730 hours: $0.50, and $1.00 for the short
 * interval. For the first 50 of an account AWS leaves out the $0.50.
 */
export const fastHealthCheckMonth = 1.5;

/** Prices of one region, per hour unless said otherwise. */
export interface RegionPrices {
  /** An EKS cluster on a Kubernetes version in standard support. */
  readonly controlPlane: number;
  /** One Network Load Balancer, without capacity units. */
  readonly loadBalancer: number;
  readonly natGateway: number;
  /** One public IPv4 address, in use or not. */
  readonly publicAddress: number;
  /** A gp3 volume, per GiB and month of 730 hours. */
  readonly volumeGibMonth: number;
  /** Linux on demand, by instance type. */
  readonly instances: Readonly<Record<string, number>>;
}

const unitedStates: RegionPrices = {
  controlPlane: 0.1,
  loadBalancer: 0.0225,
  natGateway: 0.045,
  publicAddress: 0.005,
  volumeGibMonth: 0.08,
  instances: {
    "t3.medium": 0.0416,
    "t3.large": 0.0832,
    "t3.xlarge": 0.1664,
    "t4g.medium": 0.0336,
    "t4g.large": 0.0672,
    "t4g.xlarge": 0.1344,
    "m5.large": 0.096,
    "m5.xlarge": 0.192,
    "m6g.large": 0.077,
    "m6g.xlarge": 0.154,
  },
};

/** By region; a region that is not here has no price known. */
export const prices: Readonly<Record<string, RegionPrices>> = {
  "us-east-1": {
    ...unitedStates,
    instances: {
      ...unitedStates.instances,
      "t3a.medium": 0.0376,
      "t3a.large": 0.0752,
      "m6i.large": 0.096,
      "m6i.xlarge": 0.192,
      "m7g.large": 0.0816,
      "m7g.xlarge": 0.1632,
      "m7i.large": 0.1008,
      "m7i.xlarge": 0.2016,
    },
  },
  "us-west-2": unitedStates,
  "ap-northeast-1": {
    controlPlane: 0.1,
    loadBalancer: 0.0243,
    natGateway: 0.062,
    publicAddress: 0.005,
    volumeGibMonth: 0.096,
    instances: {
      "t3.medium": 0.0544,
      "t3.large": 0.1088,
      "t3.xlarge": 0.2176,
      "t4g.medium": 0.0432,
      "t4g.large": 0.0864,
      "t4g.xlarge": 0.1728,
      "m5.large": 0.124,
      "m5.xlarge": 0.248,
    },
  },
};
