import {
  PeriodFigures,
  type GetAnalyticsResponse,
  type RecentActivity,
  type SlippingMember,
  type TrendPoint,
} from '#proto/analytics/v1/analytics.ts';
import type { Money } from '#proto/common/v1/common.ts';
import type { Tip } from '#proto/admin/v1/tips.ts';
import type { SetupTask, Sync } from '#proto/admin/v1/admin.ts';
import {
  problemOf,
  refused,
  type MerchantRequest,
} from '../../dashboard/merchant-request.server.ts';
import { loadPlan, type Plan } from '../../dashboard/plan-usage.server.ts';
import type { Problem } from '../../dashboard/problem.ts';
import { switchProgram } from '../../dashboard/program-switch.server.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { env } from '../../env.server.ts';
import { loadTips } from './tips.server.ts';
import { parseSetupForm } from './home.schema.ts';
import { parsePeriod, type Period } from './period.ts';

export type Part<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

/** A period whose money is known. */
export type Figures = PeriodFigures & { readonly revenue: Money; readonly memberRevenue: Money };

/** What the page shows of the shop's figures. */
export interface HomeFigures {
  readonly members: number;
  readonly membersSlipping: number;
  readonly slipping: readonly SlippingMember[];
  readonly pointsWorth: Money | undefined;
  /** Earned by orders whose points do not count yet. */
  readonly pointsPending: number;
  readonly current: Figures;
  readonly previous: Figures;
  readonly trend: readonly TrendPoint[];
  readonly previousTrend: readonly TrendPoint[];
  readonly recent: readonly RecentActivity[];
}

interface Later {
  readonly analytics: Part<HomeFigures>;
  readonly plan: Part<Plan>;
}

export interface Home {
  readonly days: Period;
  readonly isActive: Part<boolean>;
  readonly tasks: Part<readonly SetupTask[]>;
  readonly sync: Part<Sync | null>;
  readonly tips: Part<readonly Tip[]>;
  /** What is wrong with how the shop is served, worst first. */
  readonly problems: Part<readonly string[]>;
  /** Still under way when the page is first shown. One promise, made here: one made while rendering is never done. */
  readonly later: Promise<Later>;
  /** The theme editor with LoyalNest's app embed ready to be switched on. */
  readonly themeEditorUrl: string;
}

export async function loadHome(merchant: MerchantRequest): Promise<Home> {
  const { core, shopDomain, requestId } = merchant;
  // Each part may fail alone: the page shows what there is.
  const part = <Value>(value: Promise<Value>): Promise<Part<Value>> =>
    value.then(
      (loaded) => ({ ok: true, value: loaded }),
      (error: unknown) => ({ ok: false, problem: problemOf(error, requestId) }),
    );
  const days = parsePeriod(merchant.url.searchParams);
  const figures = part(core.analytics.getAnalytics({ days }).then(figuresOf));
  // Also when they could not be had: how often is what one wants to know.
  void figures.then(({ ok }) =>
    analytics().capture({
      merchantId: merchant.merchantId,
      name: 'analytics_viewed',
      properties: { days, ok },
    }),
  );
  const plan = part(loadPlan(merchant));
  const [isActive, tasks, sync, tips, problems] = await Promise.all([
    part(core.points.getPointsProgram({}).then(({ program }) => program?.active ?? false)),
    part(core.admin.getSetupProgress({}).then((progress) => progress.tasks)),
    part(core.admin.getSync({}).then((answer) => answer.sync ?? null)),
    part(loadTips(merchant)),
    part(core.admin.getShopHealth({}).then(({ health }) => health?.problems ?? [])),
  ]);
  if (tasks.ok) captureSetup(merchant.merchantId, tasks.value);
  const activate = encodeURIComponent(`${env().SHOPIFY_API_KEY}/loyalnest-embed`);
  return {
    days,
    isActive,
    tasks,
    sync,
    tips,
    problems,
    later: Promise.all([figures, plan]).then(([analytics, ofPlan]) => ({
      analytics,
      plan: ofPlan,
    })),
    themeEditorUrl: `https://${shopDomain}/admin/themes/current/editor?context=apps&activateAppId=${activate}`,
  };
}

/** While core or the database does not answer: every part says so, and the page is there. */
export function homeWhileDown(request: Request, problem: Problem): Promise<Home> {
  const failed = { ok: false, problem } as const;
  return Promise.resolve({
    days: parsePeriod(new URL(request.url).searchParams),
    isActive: failed,
    tasks: failed,
    sync: failed,
    tips: failed,
    problems: failed,
    later: Promise.resolve({ analytics: failed, plan: failed }),
    themeEditorUrl: '',
  });
}

const noMoney: Money = { amount: '0', currency: '' };

/** Of what core answers, what the page shows: the rest would only make the document longer. */
function figuresOf(answer: GetAnalyticsResponse): HomeFigures {
  const { members, membersSlipping, slipping, pointsWorth, pointsPending } = answer;
  const { trend, previousTrend, recent } = answer;
  const figures = (period: PeriodFigures | undefined): Figures => ({
    ...PeriodFigures.fromPartial({ ...period }),
    revenue: period?.revenue ?? noMoney,
    memberRevenue: period?.memberRevenue ?? noMoney,
  });
  return {
    members,
    membersSlipping,
    slipping,
    pointsWorth,
    pointsPending,
    trend,
    previousTrend,
    recent,
    current: figures(answer.current),
    previous: figures(answer.previous),
  };
}

/** What is seen of the guide: how far it is, or that something was left out. */
function captureSetup(merchantId: string, tasks: readonly SetupTask[]): void {
  const count = (status: string) => tasks.filter((task) => task.status === status).length;
  const [completed, skipped, pending] = [count('completed'), count('skipped'), count('pending')];
  if (pending === 0 && skipped === 0) return;
  analytics().capture({
    merchantId,
    name: pending > 0 ? 'setup_progress_viewed' : 'skipped_task_viewed',
    properties: { completed, skipped, pending },
  });
}

/** Turns the program on, or marks tasks of the checklist; hiding the guide skips whatever is left of it. */
export async function changeHome(merchant: MerchantRequest, form: FormData) {
  if (form.get('intent') === 'turn_on') {
    await switchProgram(merchant, true);
    return { ok: true as const, tasks: [] };
  }
  const parsed = parseSetupForm(form);
  if (parsed === undefined) return refused(merchant, {});
  let tasks: readonly SetupTask[] = [];
  for (const task of parsed.tasks) {
    const answer = await merchant.core.admin.completeSetupTask({ task, status: parsed.status });
    tasks = answer.tasks;
  }
  return { ok: true as const, tasks };
}
