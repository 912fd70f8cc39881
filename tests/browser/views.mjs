/** How a page is looked at: its width, the colour scheme, and whether axe audits it. `RECIP_LONG` asks for every scheme at every width. */
export const views = (narrow, middle, wide) =>
  process.env.RECIP_LONG
    ? [narrow, middle, wide].flatMap((width) => ["light", "dark"].map((scheme) => ({ width, scheme, audited: width !== middle })))
    : [
        { width: narrow, scheme: "light", audited: true },
        { width: middle, scheme: "light", audited: false },
        { width: wide, scheme: "dark", audited: true },
      ];
