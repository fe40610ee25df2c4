import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import type { CallerContext } from './context.ts';

/** The part of the service that one file implements; together they must be all of it, or this does not compile. */
export type PointsMethods<Name extends keyof PointsServiceImplementation<CallerContext>> = Pick<
  PointsServiceImplementation<CallerContext>,
  Name
>;
