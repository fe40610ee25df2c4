import type { Words } from '../../shared/words.ts';
import type { PointsView } from './points.rules.ts';

export function Invitation({
  invitation,
  words,
}: {
  invitation: PointsView['invitation'];
  words: Words;
}) {
  return invitation === null ? null : (
    <s-text color="subdued">{words.say(`invitation.${invitation}`)}</s-text>
  );
}
