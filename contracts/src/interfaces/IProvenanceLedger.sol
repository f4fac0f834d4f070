// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IOrganisationRegistry } from "./IOrganisationRegistry.sol";

/// @title The record of batches of provenance events
/// @notice Every organisation has its own sequence of batches: 1, 2, 3, … without a gap. The ledger keeps the hash of
/// each header for ever. It has no owner and cannot be changed.
interface IProvenanceLedger {
    /// @notice What an organisation signs for one batch, as EIP-712 typed data.
    /// @param organisation The organisation that vouches for the events.
    /// @param sequence The number of the batch among the organisation's own; the first is 1.
    /// @param root The RFC 9162 root over the commitments of the batch.
    /// @param size The number of commitments under the root.
    /// @param itemsHash keccak256 of the ABI encoding of the open items, an empty array included.
    /// @param indexRoot Reserved for a verifiable index of items; zero.
    struct Header {
        bytes32 organisation;
        uint64 sequence;
        bytes32 root;
        uint32 size;
        bytes32 itemsHash;
        bytes32 indexRoot;
    }

    /// @notice One item of an open event of the batch, or one correction.
    /// @param itemKey The key of the item; for a correction, the commitment of the corrected event.
    /// @param commitment The commitment of the event that names it.
    struct OpenItem {
        bytes32 itemKey;
        bytes32 commitment;
    }

    /// @notice The batch is recorded. Its open items follow in {OpenItemRecorded}s of the same transaction.
    event BatchRecorded(
        bytes32 indexed organisation,
        uint64 indexed sequence,
        address indexed key,
        bytes32 root,
        uint32 size,
        bytes32 itemsHash,
        bytes32 indexRoot
    );

    /// @notice The organisation says that the event of this commitment names this item. Whether the commitment is under
    /// the batch's root, only a proof of inclusion tells.
    event OpenItemRecorded(bytes32 indexed itemKey, bytes32 indexed commitment, bytes32 indexed organisation);

    /// @notice There is no contract at the address given as registry.
    error ProvenanceLedger_NoRegistry(address registry);

    /// @notice The header is not the organisation's next: replayed, or ahead of one that is missing.
    error ProvenanceLedger_WrongSequence(bytes32 organisation, uint64 expected, uint64 given);

    /// @notice The header has no commitments under it.
    error ProvenanceLedger_EmptyBatch(bytes32 organisation, uint64 sequence);

    /// @notice The index root has no meaning yet, so that none may be claimed.
    error ProvenanceLedger_IndexRootReserved(bytes32 organisation, uint64 sequence, bytes32 indexRoot);

    /// @notice The open items are not those that the header was signed over.
    error ProvenanceLedger_WrongItems(bytes32 organisation, uint64 sequence, bytes32 expected, bytes32 given);

    /// @notice The bytes are no signature of 65 bytes r, s, v with v of 27 or 28 and s in the lower half.
    error ProvenanceLedger_InvalidSignature(bytes32 organisation, uint64 sequence, bytes signature);

    /// @notice The signer is no valid key of the organisation at this block, or the organisation may not record.
    error ProvenanceLedger_MayNotRecord(bytes32 organisation, uint64 sequence, address key);

    /// @notice The registry that decides whose keys count. It never changes.
    function registry() external view returns (IOrganisationRegistry);

    /// @notice The EIP-712 struct hash of the header recorded under this number; zero if there is none.
    function headerHash(bytes32 organisation, uint64 sequence) external view returns (bytes32);

    /// @notice The number of the organisation's last batch; zero if there is none.
    function lastSequence(bytes32 organisation) external view returns (uint64);

    /// @notice Records one batch of an organisation.
    /// @dev Anyone may carry the transaction. Reverts, in this order, if the sequence is not the organisation's last
    /// plus one; if the size is zero; if the index root is not zero; if the items are not those of the header; if the
    /// signature is malformed; if its signer may not record for the organisation in this block, which is also what a
    /// signature over another header, chain or contract looks like.
    /// @param signature Over the header as EIP-712 typed data.
    /// @param items The open items in the order in which they were hashed; empty for a sealed batch.
    function record(Header calldata header, bytes calldata signature, OpenItem[] calldata items) external;
}
