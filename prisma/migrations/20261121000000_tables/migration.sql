
-- CreateTable
CREATE TABLE "shops" (
    "shop_id" SERIAL NOT NULL,
    "domain" TEXT NOT NULL,
    "name" TEXT,
    "currency" TEXT,
    "iana_time_zone" TEXT,
    "primary_locale" TEXT,
    "plan_name" TEXT,
    "customer_accounts" TEXT,
    "history_days" INTEGER,
    "installed_at" TIMESTAMPTZ(3),
    "uninstalled_at" TIMESTAMPTZ(3),
    "data_version" BIGINT NOT NULL DEFAULT 0,
    "fresh_at" TIMESTAMPTZ(3),

    CONSTRAINT "shops_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "shop_id" INTEGER NOT NULL,
    "session_id" TEXT NOT NULL,
    "is_online" BOOLEAN NOT NULL,
    "scope" TEXT,
    "access_token_sealed" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "refresh_token_sealed" BYTEA,
    "refresh_expires_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("shop_id","session_id")
);

-- CreateTable
CREATE TABLE "imports" (
    "shop_id" INTEGER NOT NULL,
    "import_id" UUID NOT NULL,
    "resource" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "bulk_operation_id" TEXT,
    "objects_reported" INTEGER NOT NULL DEFAULT 0,
    "objects_stored" INTEGER NOT NULL DEFAULT 0,
    "objects_rejected" INTEGER NOT NULL DEFAULT 0,
    "pass" INTEGER NOT NULL DEFAULT 0,
    "line" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "error_detail" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "imports_pkey" PRIMARY KEY ("shop_id","import_id")
);

-- CreateTable
CREATE TABLE "orders" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "customer_id" BIGINT,
    "processed_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "cancelled_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),
    "is_test" BOOLEAN NOT NULL,
    "financial_status" TEXT,
    "fulfillment_status" TEXT,
    "source_name" TEXT,
    "country_code" TEXT,
    "province_code" TEXT,
    "currency" TEXT NOT NULL,
    "presentment_currency" TEXT NOT NULL,
    "taxes_included" BOOLEAN NOT NULL,
    "subtotal_minor" BIGINT NOT NULL,
    "current_subtotal_minor" BIGINT NOT NULL,
    "current_tax_minor" BIGINT NOT NULL,
    "current_shipping_minor" BIGINT NOT NULL,
    "shipping_tax_minor" BIGINT NOT NULL,
    "tip_minor" BIGINT NOT NULL,
    "current_total_minor" BIGINT NOT NULL,
    "received_minor" BIGINT NOT NULL,
    "refunded_minor" BIGINT NOT NULL,
    "outstanding_minor" BIGINT NOT NULL,
    "discount_codes" TEXT[],
    "import_id" UUID,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("shop_id","order_id")
);

-- CreateTable
CREATE TABLE "order_lines" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "line_id" BIGINT NOT NULL,
    "product_id" BIGINT,
    "variant_id" BIGINT,
    "title" TEXT NOT NULL,
    "sku" TEXT,
    "quantity" INTEGER NOT NULL,
    "current_quantity" INTEGER NOT NULL,
    "original_total_minor" BIGINT NOT NULL,
    "discounted_total_minor" BIGINT NOT NULL,

    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("shop_id","order_id","line_id")
);

-- CreateTable
CREATE TABLE "refunds" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "refund_id" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3),
    "refunded_minor" BIGINT NOT NULL,

    CONSTRAINT "refunds_pkey" PRIMARY KEY ("shop_id","order_id","refund_id")
);

-- CreateTable
CREATE TABLE "fulfillments" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "fulfillment_id" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "fulfillments_pkey" PRIMARY KEY ("shop_id","order_id","fulfillment_id")
);

-- CreateTable
CREATE TABLE "customers" (
    "shop_id" INTEGER NOT NULL,
    "customer_id" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "account_state" TEXT,
    "locale" TEXT,
    "number_of_orders" INTEGER NOT NULL,
    "import_id" UUID,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("shop_id","customer_id")
);

-- CreateTable
CREATE TABLE "tombstones" (
    "shop_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "id_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("shop_id","kind","id_hash")
);

-- CreateTable
CREATE TABLE "webhook_inbox" (
    "shop_id" INTEGER NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "inbox_id" BIGSERIAL NOT NULL,
    "event_id" TEXT,
    "topic" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "triggered_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body_sealed" BYTEA,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handled_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("shop_id","webhook_id")
);

-- CreateTable
CREATE TABLE "privacy_requests" (
    "shop_id" INTEGER NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "request_sealed" BYTEA,
    "answer_sealed" BYTEA,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "privacy_requests_pkey" PRIMARY KEY ("shop_id","webhook_id")
);

-- CreateTable
CREATE TABLE "offer_settings" (
    "shop_id" INTEGER NOT NULL,
    "is_enabled" BOOLEAN NOT NULL,
    "percent_basis_points" INTEGER NOT NULL,
    "valid_days" INTEGER NOT NULL,
    "minimum_subtotal_minor" BIGINT NOT NULL,
    "audience" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_settings_pkey" PRIMARY KEY ("shop_id")
);

-- CreateTable
CREATE TABLE "offer_discounts" (
    "shop_id" INTEGER NOT NULL,
    "discount_key" TEXT NOT NULL,
    "discount_gid" TEXT,
    "title" TEXT NOT NULL,
    "customer_id" BIGINT,
    "percent_basis_points" INTEGER NOT NULL,
    "minimum_subtotal_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_discounts_pkey" PRIMARY KEY ("shop_id","discount_key")
);

-- CreateTable
CREATE TABLE "offer_codes" (
    "shop_id" INTEGER NOT NULL,
    "order_id" BIGINT NOT NULL,
    "discount_key" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "intended_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3),

    CONSTRAINT "offer_codes_pkey" PRIMARY KEY ("shop_id","order_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "shops_domain_key" ON "shops"("domain");

-- CreateIndex
CREATE INDEX "orders_shop_id_customer_id_idx" ON "orders"("shop_id", "customer_id");

-- CreateIndex
CREATE INDEX "orders_shop_id_processed_at_idx" ON "orders"("shop_id", "processed_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_inbox_shop_id_inbox_id_key" ON "webhook_inbox"("shop_id", "inbox_id");

-- CreateIndex
CREATE UNIQUE INDEX "offer_codes_shop_id_code_key" ON "offer_codes"("shop_id", "code");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_shop_id_order_id_fkey" FOREIGN KEY ("shop_id", "order_id") REFERENCES "orders"("shop_id", "order_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_shop_id_order_id_fkey" FOREIGN KEY ("shop_id", "order_id") REFERENCES "orders"("shop_id", "order_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillments" ADD CONSTRAINT "fulfillments_shop_id_order_id_fkey" FOREIGN KEY ("shop_id", "order_id") REFERENCES "orders"("shop_id", "order_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customers" ADD CONSTRAINT "customers_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tombstones" ADD CONSTRAINT "tombstones_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_inbox" ADD CONSTRAINT "webhook_inbox_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "privacy_requests" ADD CONSTRAINT "privacy_requests_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "offer_settings" ADD CONSTRAINT "offer_settings_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "offer_discounts" ADD CONSTRAINT "offer_discounts_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shops"("shop_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "offer_codes" ADD CONSTRAINT "offer_codes_shop_id_discount_key_fkey" FOREIGN KEY ("shop_id", "discount_key") REFERENCES "offer_discounts"("shop_id", "discount_key") ON DELETE CASCADE ON UPDATE CASCADE;

