-- dataset: shop
-- code: field_not_allowed
SELECT a."user", count(*) FROM shop a JOIN visits b USING ("user") GROUP BY a."user"
