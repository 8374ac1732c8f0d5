/** Tags as most services answer them. */
export const tagsOf = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Record<string, string> => Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

/** Everything that a paginator of the SDK has. */
export async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}

/** A VPC's id as a property, where there is one. */
export const inVpc = (vpcId: string | undefined): { vpcId?: string } => (vpcId === undefined ? {} : { vpcId });
