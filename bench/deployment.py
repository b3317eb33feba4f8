"""What a deployed function is told: its environment, and the parameters of a company."""

STATE, HEARTBEATS = "bk-state", "bk-heartbeats"
ADMIN = "admin@example.com"
ENVIRONMENT = {
    "BK_PREFIX": "bk",
    "BK_STATE_TABLE": STATE,
    "BK_AUDIT_TABLE": "bk-audit",
    "BK_HEARTBEATS_TABLE": HEARTBEATS,
    "BK_DELIVERIES_TABLE": "bk-deliveries",
    "BK_PROPOSALS_TABLE": "bk-proposals",
    "BK_REGISTRY_BUCKET": "bk-registry-source",
    "BK_RULES_BUCKET": "bk-rules-source",
    "BK_RAW_MIME_BUCKET": "bk-raw-mime",
    "BK_DISPATCH_QUEUE_URL": "http://127.0.0.1/bk-dispatch",
    "BK_DISPATCH_QUEUE_ARN": "arn:aws:sqs:ap-southeast-1:000000000000:bk-dispatch",
    "BK_DEFERRAL_ROLE_ARN": "arn:aws:iam::000000000000:role/bk-appointments-role",
    "BK_CONFIG_PATH": "/bk/config",
    "BK_BOT_TOKEN_SECRET": "bk/slack/bot-token",
    "BK_SIGNING_SECRET_SECRET": "bk/slack/signing-secret",
    "BK_HEARTBEAT_KEYS_SECRET": "bk/heartbeat/keys",
    "BK_DRIVE_SECRET": "bk/drive/sa",
    "BK_MODEL_ID": "global.anthropic.claude-haiku-4-5-20251001-v1:0",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
}
PARAMETERS = {"admin_owner": ADMIN, "team_id": "T0BENCH", "timezone": "UTC"}
