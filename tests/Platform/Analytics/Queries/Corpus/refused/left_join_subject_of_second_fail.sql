-- dataset: shop
-- code: field_not_allowed
-- fragment: b."user"
SELECT count(DISTINCT b."user") FROM shop a LEFT JOIN visits b USING ("user")
