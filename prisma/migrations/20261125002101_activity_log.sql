-- The activity log is walked by time: also by kinds of entries that are few among many awards, and past the adjustments
-- that the ledger tells better. Awards stand in neither index, so that they cost no more than before.

-- migrate:up

CREATE INDEX idx_points_transactions_not_earned ON points_transactions (merchant_id, type, created_at, transaction_id)
  WHERE type <> 'earn';
CREATE INDEX idx_audit_logs_changes ON audit_logs (merchant_id, created_at, log_id)
  WHERE action <> ALL ('{points_adjusted,adjustment_undone}');

-- migrate:down

DROP INDEX idx_audit_logs_changes;
DROP INDEX idx_points_transactions_not_earned;
