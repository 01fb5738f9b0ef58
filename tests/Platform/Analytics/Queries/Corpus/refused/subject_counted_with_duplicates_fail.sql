-- dataset: shop
-- code: field_not_allowed
-- fragment: "user"
SELECT count("user") FROM shop
