-- dataset: shop
-- code: field_not_allowed
SELECT "user"::varchar, count(*) FROM shop GROUP BY 1
