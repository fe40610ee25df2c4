-- What PostgreSQL learns of a table's columns it learns by reading and sorting thirty thousand values of each. These are
-- the widest, and no condition asks for them: leaving them out makes that look about half as long, which is felt while a
-- busy shop's tables are small enough to be looked at often.

-- migrate:up

ALTER TABLE webhook_inbox
  ALTER payload SET STATISTICS 0,
  ALTER event_id SET STATISTICS 0,
  ALTER api_version SET STATISTICS 0,
  ALTER triggered_at SET STATISTICS 0,
  ALTER reason SET STATISTICS 0,
  ALTER problem_code SET STATISTICS 0,
  ALTER problem_field SET STATISTICS 0,
  ALTER problem_message SET STATISTICS 0,
  ALTER processed_at SET STATISTICS 0,
  ALTER attempts SET STATISTICS 0;
ALTER TABLE outbox_events
  ALTER payload SET STATISTICS 0,
  ALTER attempts SET STATISTICS 0;
ALTER TABLE points_transactions
  ALTER balance_after SET STATISTICS 0,
  ALTER reason SET STATISTICS 0,
  ALTER reverses_transaction_id SET STATISTICS 0,
  ALTER currency SET STATISTICS 0,
  ALTER actor SET STATISTICS 0,
  ALTER consumed SET STATISTICS 0,
  ALTER metadata SET STATISTICS 0;
ALTER TABLE orders
  ALTER name SET STATISTICS 0,
  ALTER currency SET STATISTICS 0,
  ALTER presentment_currency SET STATISTICS 0,
  ALTER refunds SET STATISTICS 0,
  ALTER line_items SET STATISTICS 0,
  ALTER source_updated_at SET STATISTICS 0,
  ALTER awarded_points SET STATISTICS 0,
  ALTER country SET STATISTICS 0;
ALTER TABLE rfm_score_history
  ALTER rfm_score SET STATISTICS 0,
  ALTER segment_ids SET STATISTICS 0,
  ALTER churn_score SET STATISTICS 0,
  ALTER metadata SET STATISTICS 0;
ALTER TABLE rfm_segment_deltas
  ALTER segment_change SET STATISTICS 0,
  ALTER rfm_score SET STATISTICS 0;
ALTER TABLE customers
  ALTER email SET STATISTICS 0,
  ALTER first_name SET STATISTICS 0,
  ALTER last_name SET STATISTICS 0,
  ALTER churn_score SET STATISTICS 0,
  ALTER location SET STATISTICS 0,
  ALTER vip_progress SET STATISTICS 0;

-- migrate:down

ALTER TABLE webhook_inbox
  ALTER payload SET STATISTICS -1,
  ALTER event_id SET STATISTICS -1,
  ALTER api_version SET STATISTICS -1,
  ALTER triggered_at SET STATISTICS -1,
  ALTER reason SET STATISTICS -1,
  ALTER problem_code SET STATISTICS -1,
  ALTER problem_field SET STATISTICS -1,
  ALTER problem_message SET STATISTICS -1,
  ALTER processed_at SET STATISTICS -1,
  ALTER attempts SET STATISTICS -1;
ALTER TABLE outbox_events
  ALTER payload SET STATISTICS -1,
  ALTER attempts SET STATISTICS -1;
ALTER TABLE points_transactions
  ALTER balance_after SET STATISTICS -1,
  ALTER reason SET STATISTICS -1,
  ALTER reverses_transaction_id SET STATISTICS -1,
  ALTER currency SET STATISTICS -1,
  ALTER actor SET STATISTICS -1,
  ALTER consumed SET STATISTICS -1,
  ALTER metadata SET STATISTICS -1;
ALTER TABLE orders
  ALTER name SET STATISTICS -1,
  ALTER currency SET STATISTICS -1,
  ALTER presentment_currency SET STATISTICS -1,
  ALTER refunds SET STATISTICS -1,
  ALTER line_items SET STATISTICS -1,
  ALTER source_updated_at SET STATISTICS -1,
  ALTER awarded_points SET STATISTICS -1,
  ALTER country SET STATISTICS -1;
ALTER TABLE rfm_score_history
  ALTER rfm_score SET STATISTICS -1,
  ALTER segment_ids SET STATISTICS -1,
  ALTER churn_score SET STATISTICS -1,
  ALTER metadata SET STATISTICS -1;
ALTER TABLE rfm_segment_deltas
  ALTER segment_change SET STATISTICS -1,
  ALTER rfm_score SET STATISTICS -1;
ALTER TABLE customers
  ALTER email SET STATISTICS -1,
  ALTER first_name SET STATISTICS -1,
  ALTER last_name SET STATISTICS -1,
  ALTER churn_score SET STATISTICS -1,
  ALTER location SET STATISTICS -1,
  ALTER vip_progress SET STATISTICS -1;
