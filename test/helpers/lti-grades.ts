/** The grade book of the test's platform: Assignment and Grade Services 2.0 over line items whose addresses have a query. */

const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json';

export interface LineItem {
  readonly id: string;
  readonly label: string;
  readonly scoreMaximum: number;
  readonly resourceId?: string;
  readonly resourceLinkId?: string;
}
export interface ReceivedScore {
  readonly lineItem: string;
  readonly userId: string;
  readonly scoreGiven: number;
  readonly scoreMaximum: number;
  readonly activityProgress: string;
  readonly gradingProgress: string;
  readonly timestamp: string;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

export type GradeBook = ReturnType<typeof gradeServices>;

export function gradeServices(url: () => string) {
  const items: LineItem[] = [];
  const scores: ReceivedScore[] = [];
  /** The next so many posts of a score are answered with this; 'lost': taken, and answered with 502. */
  const scoreTrouble: (number | 'lost')[] = [];
  /** The next so many line items are made, and the answer is lost. */
  const itemTrouble: 'lost'[] = [];
  let coupled = false;
  let filters = true;
  const address = (number: number) => `${url()}/context/1/lineitems/${number}/lineitem?type_id=1`;

  function add(item: Omit<LineItem, 'id'>): LineItem {
    const made = { ...item, id: address(items.length + 1) };
    items.push(made);
    return made;
  }

  function list(asked: URL): Answer {
    const wanted = asked.searchParams.get('resource_link_id');
    const found = items.filter((item) => !filters || wanted === null || item.resourceLinkId === wanted);
    // One for a page, so that pages are read.
    const at = Number(asked.searchParams.get('from') ?? 0);
    const next = new URL(asked);
    next.searchParams.set('from', String(at + 1));
    const more = at + 1 < found.length;
    const headers = more ? { link: `<${next.href}>; rel="next", <${url()}/x>; rel="differences"` } : undefined;
    return { status: 200, body: found.slice(at, at + 1), ...(headers && { headers }) };
  }

  function take(lineItem: string, body: string): Answer {
    const trouble = scoreTrouble.shift();
    if (typeof trouble === 'number') return { status: trouble, body: { error: 'not now' } };
    const score = { ...JSON.parse(body), lineItem } as ReceivedScore;
    const before = scores.filter((one) => one.userId === score.userId && one.lineItem === lineItem).at(-1);
    const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
    // As Moodle does: in whole seconds.
    if (before && seconds(before.timestamp) >= seconds(score.timestamp))
      return { status: 409, body: { error: 'Refusing score with an earlier timestamp' } };
    if (Date.parse(score.timestamp) > Date.now() + 1000) return { status: 400, body: { error: 'from the future' } };
    scores.push(score);
    return trouble === 'lost' ? { status: 502, body: {} } : { status: 200, body: {} };
  }

  return {
    items,
    scores,
    scoreTrouble,
    itemTrouble,
    /** From now on the platform makes a line item for each link by itself. */
    couple(on: boolean) {
      coupled = on;
    },
    /** Whether it knows the filters of the specification. */
    filter(on: boolean) {
      filters = on;
    },
    add,
    /** Of a launch by this link. */
    claim(link: string) {
      const own = items.find(({ resourceLinkId }) => resourceLinkId === link);
      const lineitem = coupled ? (own ?? add({ label: link, scoreMaximum: 10, resourceLinkId: link })).id : undefined;
      return {
        scope: [`${AGS}/lineitem`, `${AGS}/score`],
        lineitems: `${url()}/context/1/lineitems?type_id=1`,
        ...(lineitem && { lineitem }),
      };
    },
    answer(route: string, asked: URL, body: string, may: (scope: string) => boolean): Answer | undefined {
      if (!asked.pathname.startsWith('/context/1/lineitems')) return undefined;
      // The query is part of the address: without it this platform knows nothing of it.
      if (asked.searchParams.get('type_id') !== '1') return { status: 404, body: {} };
      const scoring = /^POST (\/context\/1\/lineitems\/(\d+)\/lineitem)\/scores$/.exec(route);
      if (!may(scoring ? `${AGS}/score` : `${AGS}/lineitem`)) return { status: 401, body: {} };
      if (scoring)
        return items[Number(scoring[2]) - 1] ? take(address(Number(scoring[2])), body) : { status: 404, body: {} };
      if (route === 'GET /context/1/lineitems') return list(asked);
      if (route !== 'POST /context/1/lineitems') return { status: 404, body: {} };
      const made = add(JSON.parse(body));
      if (itemTrouble.shift()) return { status: 502, body: {} };
      return { status: 201, body: made, headers: { 'content-type': LINE_ITEM } };
    },
  };
}
