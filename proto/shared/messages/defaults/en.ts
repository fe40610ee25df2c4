import type { MessageType } from '../../vocabulary/messages.ts';
import type { MessageWords } from '../blocks.ts';
import { button, code, figure, heading, message, text } from './compose.ts';

export const EN: Record<MessageType, MessageWords> = {
  points_earned: message(
    'You earned {{ points }}',
    'Your balance is now {{ points_balance }}.',
    [
      heading('Thanks, {{ first_name | and welcome back }}!'),
      text(
        'You just earned **{{ points }}** at {{ shop_name }}.',
        'They’re for your order {{ order_name }}.',
      ),
      figure('{{ points_balance }}', 'Your balance'),
      button('See your rewards'),
    ],
    [
      'You earned {{ points }}.',
      'Your balance: {{ points_balance }}.',
      'See your rewards: {{ shop_url }}',
    ],
  ),
  points_expiring: message(
    'Use {{ points }} by {{ expires_on }}',
    'There’s still time to get something for them.',
    [
      heading('Don’t lose your {{ points }}'),
      text(
        'Hi {{ first_name | there }},',
        'Part of your balance expires soon. Redeem it for a reward by **{{ expires_on }}**.',
      ),
      figure('{{ points }}', 'Expiring soon'),
      text('Your balance is {{ points_balance }}.'),
      button('Choose a reward'),
    ],
    ['Use {{ points }} by {{ expires_on }}, before they expire.', '{{ shop_url }}'],
  ),
  birthday_reward: message(
    'A birthday gift from {{ shop_name }}',
    'We added {{ points }} to your balance.',
    [
      heading('Happy birthday!'),
      text(
        'Hi {{ first_name | there }},',
        'We hope you have a wonderful day. Here’s a little something from us: **{{ points }}**, already in your account.',
      ),
      figure('{{ points }}', 'Your birthday gift'),
      button('Treat yourself'),
    ],
    [
      'Happy birthday, {{ first_name | from all of us }}! Your gift: {{ points }}.',
      'Spend it here: {{ shop_url }}',
    ],
  ),
  reward_redeemed: message(
    'Your reward: {{ reward_name | your discount code }}',
    'Use it on your next order.',
    [
      heading('Enjoy your reward'),
      text('Hi {{ first_name | there }},', 'Your **{{ reward_name }}** is ready to use.'),
      code('Enter this code at checkout'),
      text(
        'Use it by {{ expires_on }}.',
        'You redeemed {{ points }}. Your balance is now {{ points_balance }}.',
      ),
      button('Shop now'),
    ],
    [
      'Your reward is ready: {{ reward_name }}.',
      'Enter code {{ code }} at checkout.',
      'Use it by {{ expires_on }}.',
      '{{ shop_url }}',
    ],
  ),
  referral_invite: message(
    '{{ advocate_name | A friend }} sent you an offer from {{ shop_name }}',
    'A welcome offer for your first order.',
    [
      heading('{{ advocate_name | A friend }} thinks you’ll love {{ shop_name }}'),
      text('Hi {{ first_name | there }},', 'Here’s a welcome offer to get you started.'),
      figure('{{ offer }}', 'For you, from {{ advocate_name | a friend }}'),
      button('Claim your offer', '{{ referral_url }}'),
    ],
    [
      '{{ advocate_name | A friend }} sent you an offer: {{ offer | a welcome gift }}.',
      'Claim it: {{ referral_url }}',
    ],
  ),
  referral_completed: message(
    'Your referral reward is here',
    '{{ friend_name | Your friend }} is a customer now, thanks to you.',
    [
      heading('Thanks for spreading the word'),
      text(
        'Hi {{ first_name | there }},',
        '{{ friend_name | Your friend }} joined {{ shop_name }} through your link, and here’s your reward.',
      ),
      figure('{{ points }}', 'Added to your balance'),
      code('Enter this code at checkout'),
      text('Know someone else who’d like us? Your link works for them, too.'),
      button('Share your link', '{{ referral_url }}'),
    ],
    [
      '{{ friend_name | Your friend }} joined through your link. Thank you!',
      'You earned {{ points }}.',
      'Your code: {{ code }}',
      'Share again: {{ referral_url }}',
    ],
  ),
  tier_upgraded: message(
    'Welcome to {{ tier_name | your new VIP tier }}',
    'You’ve reached a new VIP tier.',
    [
      heading('You’ve reached {{ tier_name | a new tier }}'),
      text(
        'Congratulations, {{ first_name | and thank you }}!',
        'From today on, you get every perk that comes with **{{ tier_name | your new tier }}**.',
      ),
      figure('{{ points_balance }}', 'Your balance'),
      button('See your perks'),
    ],
    [
      'Congratulations! You’ve reached {{ tier_name | a new tier }}.',
      'See your perks: {{ shop_url }}',
    ],
  ),
  tier_change: message(
    'Your VIP tier has changed',
    'Here’s where you stand now.',
    [
      heading('Your VIP tier has changed'),
      text(
        'Hi {{ first_name | there }},',
        'Your tier is now **{{ tier_name }}**.',
        'Until now, it was {{ previous_tier_name }}.',
        'Your balance stays the same, and your orders count toward the next tier.',
      ),
      figure('{{ points_balance }}', 'Your balance'),
      button('See how to move up'),
    ],
    [
      'Your VIP tier has changed.',
      'Your tier is now {{ tier_name }}.',
      'See how to move up: {{ shop_url }}',
    ],
  ),
  nudge: message(
    '{{ title | News from the shop }}',
    '',
    [
      heading('{{ title | Hi there }}'),
      text('Hi {{ first_name | there }},', '{{ message }}'),
      button('Visit {{ shop_name | the shop }}'),
    ],
    ['{{ message }}', '{{ shop_url }}'],
  ),
  gdpr_request: message(
    'We received your privacy request',
    'We’ll answer it within 30 days.',
    [
      heading('We received your privacy request'),
      text(
        'Hi {{ first_name | there }},',
        '{{ shop_name }} received your request about your personal data. We’ll answer it within 30 days.',
        'If you didn’t make this request, please reply to this email.',
      ),
    ],
    ['We received your privacy request and will answer it within 30 days.'],
  ),
  badge_earned: message(
    'You earned a badge: {{ badge_name | see which one }}',
    'Nicely done.',
    [
      heading('You earned a badge'),
      text('Nicely done, {{ first_name | and thank you }}!'),
      figure('{{ badge_name }}', 'Your new badge'),
      button('See your badges'),
    ],
    ['You earned a badge: {{ badge_name }}.', 'See your badges: {{ shop_url }}'],
  ),
  onboarding_task_completed: message(
    'Done: {{ task_name | your next step }}',
    'One step further.',
    [
      heading('One step further'),
      text(
        'Hi {{ first_name | there }},',
        'You completed **{{ task_name }}**.',
        'Come back any time to see what’s next.',
      ),
      button('See what’s next'),
    ],
    ['You completed {{ task_name }}.', 'See what’s next: {{ shop_url }}'],
  ),
};
