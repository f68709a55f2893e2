// Opens what Holdfast publishes with Go's own code for the checksum database, none of ours.
//
// The folder named on the command line holds, as Holdfast's code wrote them:
//
//	vkey          the log's verifier key
//	checkpoint    the signed head of the tree, a note
//	older         the signed head of an older tree of the same log, a note
//	index, entry  an entry of the newer tree, and which it is
//	inclusion     its audit path, a hash in base64 a line
//	consistency   that the newer tree begins with the older one, likewise
//	tile/…        the tiles of the newer tree
//
// Exit 0: all of it holds, and Go makes the same proofs from the tiles. Exit 1: something does not.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("holds")
}

func check(folder string) error {
	newer, err := tree(folder, "checkpoint")
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	older, err := tree(folder, "older")
	if err != nil {
		return fmt.Errorf("older: %w", err)
	}
	number, err := os.ReadFile(filepath.Join(folder, "index"))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimSpace(string(number)), 10, 64)
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(filepath.Join(folder, "entry"))
	if err != nil {
		return err
	}
	inclusion, err := hashes(folder, "inclusion")
	if err != nil {
		return err
	}
	consistency, err := hashes(folder, "consistency")
	if err != nil {
		return err
	}
	leaf := tlog.RecordHash(entry)
	if err := tlog.CheckRecord(inclusion, newer.N, newer.Hash, index, leaf); err != nil {
		return fmt.Errorf("inclusion: %w", err)
	}
	if err := tlog.CheckTree(consistency, newer.N, newer.Hash, older.N, older.Hash); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	return made(folder, newer, older, index, inclusion, consistency)
}

// made has Go read the tiles, each checked against the root, and make both proofs from them.
func made(folder string, newer, older tlog.Tree, index int64, inclusion, consistency []tlog.Hash) error {
	reader := tlog.TileHashReader(newer, tiles(folder))
	record, err := tlog.ProveRecord(newer.N, index, reader)
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	if !slices.Equal(record, inclusion) {
		return fmt.Errorf("tiles: Go's inclusion proof is another")
	}
	begins, err := tlog.ProveTree(newer.N, older.N, reader)
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	if !slices.Equal(begins, consistency) {
		return fmt.Errorf("tiles: Go's consistency proof is another")
	}
	return nil
}

// tree opens a checkpoint. Go's parser knows one origin, its own: the line is exchanged for it, after
// it was compared with the name of the key that signed.
func tree(folder, name string) (tlog.Tree, error) {
	vkey, err := os.ReadFile(filepath.Join(folder, "vkey"))
	if err != nil {
		return tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return tlog.Tree{}, err
	}
	raw, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("the origin is not the name of the key")
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

func hashes(folder, name string) ([]tlog.Hash, error) {
	raw, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	var found []tlog.Hash
	for line := range strings.Lines(string(raw)) {
		hash, err := tlog.ParseHash(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		found = append(found, hash)
	}
	return found, nil
}

// tiles is a folder of tiles as Go asks for them; its paths name the height, 8, which ours leave out.
type tiles string

func (folder tiles) Height() int { return 8 }

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		raw, err := os.ReadFile(filepath.Join(string(folder), filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		found = append(found, raw)
	}
	return found, nil
}

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}
