-- dataset: shop
-- code: field_not_allowed
SELECT CASE WHEN vip THEN "user" END, count(*) FROM shop GROUP BY 1
