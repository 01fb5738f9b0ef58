-- dataset: shop
-- code: unknown_function
SELECT sum(db.evil.abs(amount)) FROM shop
