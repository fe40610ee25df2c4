/**
 * The dashboard's pages with an address of their own, by the file of their route. A test compares them with app/routes:
 * a new page is either here or named as one that a journey opens.
 */
export const dashboardPages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'app._index': { home: '' },
  'app.program': { program: '/program' },
  'app.program_.earn.$way': {
    'way-purchase': '/program/earn/purchase',
    'way-birthday': '/program/earn/birthday',
  },
  'app.program_.rules': { 'earning-rules': '/program/rules' },
  'app.program_.expiration': { expiration: '/program/expiration' },
  'app.program_.participants': { participants: '/program/participants' },
  'app.program_.trial': { 'rule-trial': '/program/trial' },
  'app.rewards._index': { rewards: '/rewards' },
  'app.rewards.$id': {
    'reward-amount': '/rewards/new?template=amount_off',
    'reward-percent': '/rewards/new?template=percent_off',
  },
  'app.tiers': { tiers: '/tiers' },
  'app.campaigns._index': { campaigns: '/campaigns' },
  'app.campaigns.$id': { campaign: '/campaigns/new' },
  'app.referrals._index': { referrals: '/referrals' },
  'app.referrals.settings': { 'referral-settings': '/referrals/settings' },
  'app.customers._index': { customers: '/customers' },
  'app.content': { content: '/content' },
  'app.content_.messages._index': { messages: '/content/messages' },
  'app.content_.messages.$type': { message: '/content/messages/points_earned' },
  'app.expiry': { expiry: '/expiry' },
  'app.activity': { activity: '/activity' },
  'app.deliveries': { deliveries: '/deliveries' },
  'app.messages': { 'message-log': '/messages' },
  'app.integrations': { integrations: '/integrations' },
  'app.webhooks._index': { webhooks: '/webhooks' },
  'app.webhooks.$id': { webhook: '/webhooks/new' },
  'app.settings': { settings: '/settings' },
  'app.status': { status: '/status' },
  'app.$': { 'not-found': '/nowhere' },
};

/** Pages that a journey of the pictures opens: a person's page has an id in its address, the console has a sign-in. */
export const openedByJourneys: readonly string[] = [
  'app.customers.$id',
  'app.referrals.$id',
  '_index',
  'console._main._index',
  'console._main.account',
  'console._main.admins',
  'console._main.deliveries',
  'console._main.erasures',
  'console._main.queues',
  'console.code',
  'console.enrol',
  'console.sign-in',
];

/** Opened by a link that is signed for one member: app/features/messages/unsubscribe.web.test.ts looks at it. */
export const behindSignedLinks: readonly string[] = ['unsubscribe.$token'];

/** Routes with a component but no page of their own. */
export const layouts: readonly string[] = ['app', 'console', 'console._main'];
