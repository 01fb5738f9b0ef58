-- dataset: shop
-- code: invalid_query
SELECT count(*) FROM shop a JOIN shop b USING ("user") JOIN shop c USING ("user") JOIN shop d USING ("user") JOIN shop e USING ("user") JOIN shop f USING ("user") JOIN shop g USING ("user") JOIN shop h USING ("user") JOIN shop i USING ("user")
