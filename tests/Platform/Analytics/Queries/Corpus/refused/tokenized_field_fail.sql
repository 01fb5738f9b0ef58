-- dataset: shop
-- code: field_not_allowed
SELECT email, count(*) FROM shop GROUP BY email
