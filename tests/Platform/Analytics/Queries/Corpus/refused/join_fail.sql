-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a JOIN shop b USING ("user")
